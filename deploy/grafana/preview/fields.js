// The frames of a panel with its units, limits, colours and overrides laid over them.
import { applyFieldOverrides, FieldConfigOptionsRegistry } from "@grafana/data";

// What a panel of Grafana takes where a board says nothing; of that, what shows.
const THRESHOLDS = { mode: "absolute", steps: [{ value: null, color: "green" }, { value: 80, color: "red" }] };
const BY_VALUE = { thresholds: THRESHOLDS, color: { mode: "thresholds" }, custom: {} };
const LINE = { drawStyle: "line", lineInterpolation: "linear", lineWidth: 1, fillOpacity: 0, showPoints: "auto", axisPlacement: "auto" };
const BY_SERIES = { thresholds: THRESHOLDS, color: { mode: "palette-classic" }, custom: LINE };
const DEFAULTS = { stat: BY_VALUE, bargauge: BY_VALUE, timeseries: BY_SERIES };

export const asItIs = (text) => text;

export const configured = (panel, frames, theme) => {
  const own = panel.fieldConfig.defaults;
  const usual = DEFAULTS[panel.type];
  const defaults = { ...usual, ...own, custom: { ...usual.custom, ...own.custom } };
  const [first, ...others] = defaults.thresholds.steps;
  // JSON has no endless number: there the first step starts at null.
  defaults.thresholds = { ...defaults.thresholds, steps: [{ ...first, value: -Infinity }, ...others] };
  const fieldConfig = { defaults, overrides: panel.fieldConfig.overrides };
  const fieldConfigRegistry = registry(fieldConfig);
  const data = applyFieldOverrides({ data: frames, fieldConfig, fieldConfigRegistry, replaceVariables: asItIs, theme, timeZone: "browser" });
  return { data, fieldConfig };
};

// Every property that the panel names, taken as it is written.
const registry = ({ defaults: { custom, ...standard }, overrides }) => {
  const own = [...Object.keys(standard), ...Object.keys(custom).map((name) => `custom.${name}`)];
  const ids = new Set([...own, ...overrides.flatMap(({ properties }) => properties.map(({ id }) => id))]);
  return new FieldConfigOptionsRegistry(() => [...ids].map((id) => ({
    id,
    name: id,
    path: id.replace(/^custom\./, ""),
    isCustom: id.startsWith("custom."),
    process: asItIs,
    shouldApply: ({ type }) => type !== "time",
  })));
};
