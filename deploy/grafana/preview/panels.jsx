// Grafana's own components, one for each type of panel that the boards use.
import { getDisplayValueAlignmentFactors, getFieldDisplayValues } from "@grafana/data";
import { BarGauge, BigValue, TimeSeries, useTheme2, VizRepeater } from "@grafana/ui";
import { asItIs, configured } from "./fields.js";

// One value for each series, side by side or below each other.
const Values = ({ panel, data, fieldConfig, theme, size, draw, ...more }) => (
  <VizRepeater
    {...size}
    {...more}
    source={data}
    renderCounter={0}
    orientation={panel.options.orientation}
    getValues={() => getFieldDisplayValues({ data, fieldConfig, reduceOptions: panel.options.reduceOptions, replaceVariables: asItIs, theme })}
    getAlignmentFactors={getDisplayValueAlignmentFactors}
    renderValue={draw}
  />
);

const Numbers = (shown) => {
  const { colorMode, graphMode, justifyMode, textMode, text, wideLayout } = shown.panel.options;
  const look = { colorMode, graphMode, justifyMode, textMode, text, disableWideLayout: !wideLayout };
  const draw = ({ value, ...place }) => <BigValue {...look} {...place} value={value.display} theme={shown.theme} />;
  return <Values {...shown} draw={draw} autoGrid itemSpacing={3} />;
};

const Bars = (shown) => {
  const { displayMode, showUnfilled, valueMode, namePlacement, text } = shown.panel.options;
  const { minVizWidth, minVizHeight, maxVizHeight } = shown.panel.options;
  const look = { displayMode, showUnfilled, valueDisplayMode: valueMode, namePlacement, text };
  const draw = ({ value, ...place }) => (
    <BarGauge {...look} {...place} value={value.display} field={value.field} display={value.view.getFieldDisplayProcessor(value.colIndex)} theme={shown.theme} />
  );
  return <Values {...shown} draw={draw} itemSpacing={10} {...{ minVizWidth, minVizHeight, maxVizHeight }} />;
};

const Lines = ({ panel, data, size, range }) => (
  <TimeSeries {...size} frames={data} timeRange={range} timeZone="browser" legend={panel.options.legend} options={panel.options} />
);

const BY_TYPE = { stat: Numbers, bargauge: Bars, timeseries: Lines };

// The inside of a panel. A type that no board has had until now has to be added here.
export const Inside = ({ panel, frames, range, size }) => {
  const theme = useTheme2();
  const Type = BY_TYPE[panel.type];
  if (!Type) throw new Error(`${panel.title}: no component for ${panel.type}`);
  if (!frames.length) return <p>No data</p>;
  return <Type {...{ panel, theme, size, range }} {...configured(panel, frames, theme)} />;
};
