// @rudderstack/rudder-sdk-node as a channel owner uses it: node rudder.js URL-of-ingest
const RudderAnalytics = require("@rudderstack/rudder-sdk-node");

const analytics = new RudderAnalytics("seg-7", { dataPlaneUrl: process.argv[2], flushAt: 3, flushInterval: 500 });
analytics.identify({ userId: "42", traits: { name: "Jo" } });
analytics.page({ userId: "42", name: "Parking", properties: { url: "https://town.example/parking/page" } });
analytics.track({ userId: "42", event: "parking.sent" });
analytics.track({ userId: "42", event: "Application Error", context: { throughline: { touchpoint: "page", action: "failed" } } });
// What was sent first is a batch alone, and its `flush` waits for that one only.
setTimeout(() => process.exit(), 4_000);
