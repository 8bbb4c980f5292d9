// matomo-tracker as a channel owner uses it: node matomo.js URL-of-ingest
const MatomoTracker = require("matomo-tracker");

const tracker = new MatomoTracker(7, `${process.argv[2]}/matomo.php`, true);
const page = "https://town.example/parking/page";
const sent = [
  { url: page, action_name: "Parking", uid: "42" },
  { url: page, e_c: "form", e_a: "kept", uid: "42" },
  { url: page, ca: 1, cra: "x is undefined", uid: "42" },
];

tracker.on("error", (why) => { console.error(why); process.exitCode = 1; });
for (const one of sent) tracker.track(one);
// It leaves the answers to single ones unread, which keeps their connections open.
tracker.trackBulk(sent, () => setTimeout(() => process.exit(), 3_000));
