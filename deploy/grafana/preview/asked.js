// What Grafana would ask Prometheus for a panel, and the answers as Grafana's data frames.
import { dateTime, FieldType, rangeUtil } from "@grafana/data";

const ALL = ".+"; // what the boards' variables stand for when everything is chosen
const FEWEST_POINTS = 12;

// The time range of so many seconds that ends at `end`, in Unix seconds.
export const span = (end, seconds) => {
  const [from, to] = [dateTime((end - seconds) * 1000), dateTime(end * 1000)];
  return { from, to, raw: { from, to } };
};

const secondsOf = (range) => range.to.diff(range.from) / 1000;

// Seconds between points, as Grafana chooses them: no more points than pixels, no finer than the
// scrapes, and no finer than the panel allows. Here the last yields to spans that are too short for
// it: a panel that counts by ten minutes would show one bar of ten minutes.
const stepOf = (panel, range, pixels, scrape) => {
  const least = panel.interval ? rangeUtil.intervalToSeconds(panel.interval) : scrape;
  const floor = Math.max(scrape, Math.min(least, Math.floor(secondsOf(range) / FEWEST_POINTS)));
  return rangeUtil.calculateInterval(range, pixels, `${floor}s`).intervalMs / 1000;
};

const filledIn = (expression, range, step, scrape) =>
  expression
    .replaceAll("$__rate_interval", `${Math.max(step + scrape, 4 * scrape)}s`)
    .replaceAll("$__range", `${Math.round(secondsOf(range))}s`)
    .replaceAll(/\$(job|instance|service)\b/g, ALL);

const named = (legend, labels) => legend.replaceAll(/{{(\w+)}}/g, (_, label) => labels[label] ?? "");

// One series. Prometheus leaves out what is not there; by `interval` Grafana knows where a gap is.
const frame = ({ refId, legendFormat }, step, { metric, values, value }) => {
  const points = values ?? [value];
  const name = named(legendFormat, metric);
  const times = points.map(([at]) => at * 1000);
  const numbers = points.map(([, text]) => Number(text));
  return {
    refId,
    name,
    length: points.length,
    fields: [
      { name: "Time", type: FieldType.time, config: { interval: step * 1000 }, values: times },
      { name: "Value", type: FieldType.number, labels: metric, config: { displayNameFromDS: name }, values: numbers },
    ],
  };
};

const answered = async (target, prometheus, range, step, scrape) => {
  const query = filledIn(target.expr, range, step, scrape);
  const [start, end] = [range.from, range.to].map((at) => at.valueOf() / 1000);
  const when = target.instant ? { time: end } : { start: Math.ceil(start / step) * step, end, step };
  const address = `${prometheus}/api/v1/query${target.instant ? "" : "_range"}`;
  const told = await (await fetch(`${address}?${new URLSearchParams({ query, ...when })}`)).json();
  if (told.status !== "success") throw new Error(`${query}: ${told.error}`);
  return told.data.result.map((series) => frame(target, step, series));
};

// The frames of a panel that is `pixels` wide, of a Prometheus that scrapes every `scrape` seconds.
// Throws what Prometheus says of a wrong expression.
export const framesOf = async (panel, prometheus, range, pixels, scrape) => {
  const step = stepOf(panel, range, pixels, scrape);
  const each = panel.targets.map((target) => answered(target, prometheus, range, step, scrape));
  return (await Promise.all(each)).flat();
};
