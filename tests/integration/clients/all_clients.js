// Every client for Node.js in one process: node all_clients.js URL-of-ingest
// A line `STEP [TIME]` on its input is one view of a page by each, of a citizen of its own.
const MatomoTracker = require("matomo-tracker");
const { newTracker, buildPageView } = require("@snowplow/node-tracker");
const { Analytics } = require("@segment/analytics-node");
const RudderAnalytics = require("@rudderstack/rudder-sdk-node");
const { CloudEvent, HTTP, emitterFor, httpTransport } = require("cloudevents");

const host = process.argv[2];
const url = "https://town.example/parking/page";
const matomo = new MatomoTracker(7, `${host}/matomo.php`, true);
const snowplow = newTracker({ namespace: "sp", appId: "town-app" }, { endpoint: host, bufferSize: 1 });
const segment = new Analytics({ writeKey: "seg-7", host, flushAt: 1 });
// Without a handler of errors it ends the process when it gives up.
const rudder = new RudderAnalytics("seg-7", { dataPlaneUrl: host, flushAt: 1, errorHandler: () => {} });
const emit = emitterFor(httpTransport(`${host}/v1/events`), { binding: HTTP });

const views = {
  "matomo": (uid, time) => matomo.track({ url, uid, ...(time && { cdt: time / 1000 }) }),
  "snowplow-node": (uid, time) => {
    snowplow.setUserId(uid);
    snowplow.track(buildPageView({ pageUrl: url }), [], time && { type: "ttm", value: +time });
  },
  "segment-node": (userId, timestamp) => segment.page({ userId, timestamp, properties: { url } }),
  "rudder-node": (userId, timestamp) =>
    rudder.page({ userId, name: "Parking", ...(timestamp && { timestamp }), properties: { url } }),
  "cloudevents-node": async (citizen, time) => {
    const data = { service: "parking", touchpoint: "page", citizen };
    const event = new CloudEvent({ source: "/cloudevents-js", type: "parking.visit", time: time?.toISOString(), data });
    // It does not look at the answer, nor try again: its user does.
    const headers = { Authorization: "Bearer web-token" };
    while (!(await emit(event, { headers })).body.includes("accepted")) await new Promise((done) => setTimeout(done, 1_000));
  },
};

matomo.on("error", () => {});
segment.on("error", () => {});
const lines = require("readline").createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const [step, time] = line.split(" ");
  for (const [who, view] of Object.entries(views)) view(`who.${who}.${step}`, time && new Date(time));
});
lines.on("close", () => process.exit());
