// One board as Grafana would show it, with the numbers of a real Prometheus:
//   page.html?board=<address>&prometheus=<address>&end=<Unix seconds>&seconds=<span>&scrape=<seconds>
// Once all is drawn, `document.body.dataset.drawn` says "all", or what went wrong.
import "@fontsource/inter/latin-400.css";
import "@fontsource/inter/latin-500.css";
import { createTheme, ThemeContext } from "@grafana/data";
import { GlobalStyles, PanelChrome } from "@grafana/ui";
import { createRoot } from "react-dom/client";
import { framesOf, span } from "./asked.js";
import { Inside } from "./panels.jsx";

// Grafana's grid, in CSS pixels.
const COLUMNS = 24, ROW = 30, GAP = 8, EDGE = 16;

const placed = ({ x, y, w, h }, column) => ({
  position: "absolute",
  left: x * (column + GAP),
  top: y * (ROW + GAP),
  width: w * (column + GAP) - GAP,
  height: h * (ROW + GAP) - GAP,
});

const Panel = ({ panel, place, frames, range }) => (
  <div className="panel" data-type={panel.type} data-unit={panel.fieldConfig.defaults.unit} style={place}>
    <PanelChrome title={panel.title} description={panel.description} width={place.width} height={place.height}>
      {(width, height) => <Inside {...{ panel, frames, range }} size={{ width, height }} />}
    </PanelChrome>
  </div>
);

const Board = ({ panels, places, answers, range }) => (
  <main style={{ position: "relative", margin: EDGE, height: EDGE + Math.max(...places.map(({ top, height }) => top + height)) }}>
    {panels.map((panel, n) => <Panel key={panel.id} panel={panel} place={places[n]} frames={answers[n]} range={range} />)}
  </main>
);

const show = async () => {
  const asked = Object.fromEntries(new URLSearchParams(location.search));
  const { panels } = await (await fetch(asked.board)).json();
  const range = span(Number(asked.end), Number(asked.seconds));
  const column = (document.documentElement.clientWidth - 2 * EDGE - (COLUMNS - 1) * GAP) / COLUMNS;
  const places = panels.map(({ gridPos }) => placed(gridPos, column));
  const answers = await Promise.all(panels.map((panel, n) =>
    framesOf(panel, asked.prometheus, range, places[n].width, Number(asked.scrape))));
  // Grafana measures texts before it places them: with the font that they will have.
  await Promise.all([400, 500].map((weight) => document.fonts.load(`${weight} 14px Inter`)));
  createRoot(document.body.appendChild(document.createElement("div"))).render(
    <ThemeContext.Provider value={createTheme()}>
      <GlobalStyles />
      <Board {...{ panels, places, answers, range }} />
    </ThemeContext.Provider>,
  );
  await settled();
};

// Charts draw some frames after they are laid out: until the page stays as it is for ten of them.
const settled = async () => {
  let last = "", same = 0;
  while (same < 10) {
    await new Promise(requestAnimationFrame);
    const now = `${document.querySelectorAll("*").length} ${document.querySelectorAll("canvas").length}`;
    same = now === last && document.querySelector(".panel") ? same + 1 : 0;
    last = now;
  }
};

document.body.style.margin = 0;
show().then(() => "all", (why) => `${why.stack}`).then((told) => { document.body.dataset.drawn = told; });
