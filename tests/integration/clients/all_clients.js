// Every client for Node.js in one process: node all_clients.js URL-of-ingest
// A line `STEP [TIME]` on its input is a view, an event and an error by each, and who it is where that
// is a call of its own; each of a citizen of its own.
const MatomoTracker = require("matomo-tracker");
const { newTracker, buildPageView, buildSelfDescribingEvent, buildStructEvent } = require("@snowplow/node-tracker");
const { Analytics } = require("@segment/analytics-node");
const RudderAnalytics = require("@rudderstack/rudder-sdk-node");
const { CloudEvent, HTTP, emitterFor, httpTransport } = require("cloudevents");

const host = process.argv[2];
const url = "https://town.example/parking/page";
const matomo = new MatomoTracker(7, `${host}/matomo.php`, true);
const snowplow = newTracker({ namespace: "sp", appId: "town-app" }, { endpoint: host, bufferSize: 1 });
snowplow.addPayloadPair("url", url);
const fault = {
  schema: "iglu:com.snowplowanalytics.snowplow/application_error/jsonschema/1-0-2",
  data: { message: "x", programmingLanguage: "JAVASCRIPT" },
};
const segment = new Analytics({ writeKey: "seg-7", host, flushAt: 1 });
// Without a handler of errors it ends the process when it gives up.
const rudder = new RudderAnalytics("seg-7", { dataPlaneUrl: host, flushAt: 1, errorHandler: () => {} });
const emit = emitterFor(httpTransport(`${host}/v1/events`), { binding: HTTP });

const toMatomo = (more) => (uid, time) => matomo.track({ url, uid, ...more, ...(time && { cdt: time / 1000 }) });
const toSnowplow = (event) => (uid, time) => {
  snowplow.setUserId(uid);
  snowplow.track(event(), [], time && { type: "ttm", value: +time });
};
// Segment's and RudderStack's have the same calls; RudderStack's takes no time that is undefined.
const toSegment = (client) => {
  const call = (name, more) => (userId, time) => client[name]({ userId, ...(time && { timestamp: time }), ...more });
  return {
    view: call("page", { name: "Parking", properties: { url } }),
    custom: call("track", { event: "parking.sent" }),
    failed: call("track", { event: "Application Error", context: { throughline: { touchpoint: "page", action: "failed" } } }),
    identify: call("identify", { traits: { name: "Jo" } }),
  };
};
const toUs = (type, more) => async (citizen, time) => {
  const data = { service: "parking", citizen, ...more };
  const event = new CloudEvent({ source: "/cloudevents-js", type, time: time?.toISOString(), data });
  // It does not look at the answer, nor try again: its user does.
  const headers = { Authorization: "Bearer web-token" };
  while (!(await emit(event, { headers })).body.includes("accepted")) await new Promise((done) => setTimeout(done, 1_000));
};

const clients = {
  "matomo": {
    view: toMatomo({}),
    custom: toMatomo({ e_c: "form", e_a: "kept" }),
    failed: toMatomo({ ca: 1, cra: "x is undefined" }),
  },
  "snowplow-node": {
    view: toSnowplow(() => buildPageView({ pageUrl: url })),
    custom: toSnowplow(() => buildStructEvent({ category: "form", action: "kept" })),
    failed: toSnowplow(() => buildSelfDescribingEvent({ event: fault })),
  },
  "segment-node": toSegment(segment),
  "rudder-node": toSegment(rudder),
  "cloudevents-node": {
    view: toUs("parking.visit", { touchpoint: "page" }),
    custom: toUs("parking.sent", {}),
    failed: toUs("parking.error", { touchpoint: "page", action: "failed" }),
  },
};

matomo.on("error", () => {});
segment.on("error", () => {});
const lines = require("readline").createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const [step, time] = line.split(" ");
  for (const [client, calls] of Object.entries(clients))
    for (const [kind, call] of Object.entries(calls)) call(`who.${client}.${kind}.${step}`, time && new Date(time));
});
lines.on("close", () => process.exit());
