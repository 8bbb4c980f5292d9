// @snowplow/node-tracker as a channel owner uses it: node snowplow.js URL-of-ingest
const { newTracker, buildPageView, buildSelfDescribingEvent, buildStructEvent } = require("@snowplow/node-tracker");

const page = "https://town.example/parking/page";
const fault = "iglu:com.snowplowanalytics.snowplow/application_error/jsonschema/1-0-2";
const kept = "iglu:town.example/form_kept/jsonschema/1-0-0";

const tell = async (namespace, encodeBase64, eventMethod) => {
  const tracker = newTracker(
    { namespace, appId: "town-app", encodeBase64 },
    { endpoint: process.argv[2], eventMethod, bufferSize: eventMethod === "get" ? 1 : 3 },
  );
  tracker.setUserId("42");
  tracker.track(buildPageView({ pageUrl: page, pageTitle: "Parking" }));
  tracker.track(buildSelfDescribingEvent({ event: { schema: kept, data: {} } }));
  tracker.track(buildStructEvent({ category: "form", action: "kept" }));
  tracker.addPayloadPair("url", page);
  tracker.track(buildSelfDescribingEvent({ event: { schema: fault, data: { message: "x", programmingLanguage: "JAVASCRIPT" } } }));
  await tracker.flush();
};

(async () => {
  await tell("encoded", true, "post");
  await tell("plain", false, "post");
  await tell("query", true, "get");
})();
