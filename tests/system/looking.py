"""What a look at a board finds: scripts for the page that draws it, and how units are written.

Charts are drawn, not set: what they write is heard by `LISTEN`, which has to run before the page.
"""

import re

from deploy.grafana.query import Unit

# Each canvas keeps what was written on it since it was last wiped: the text, how it is aligned, and
# from where to where it reaches (CSS pixels).
LISTEN = """
const pen = CanvasRenderingContext2D.prototype;
const { fillText, clearRect } = pen;
pen.clearRect = function (...box) { this.canvas.written = []; return clearRect.apply(this, box); };
pen.fillText = function (text, x, y) {
  const wide = this.measureText(text).width;
  const left = x - wide * ({ center: 0.5, right: 1, end: 1 }[this.textAlign] ?? 0);
  (this.canvas.written ??= []).push({ text, align: this.textAlign, left, right: left + wide });
  return fillText.apply(this, arguments);
};
"""
OVERLAPS = """
(() => {
  const boxes = [...document.querySelectorAll(".panel")].map((one) =>
    [one.querySelector("h2").textContent, one.getBoundingClientRect()]);
  return boxes.flatMap(([one, a], n) => boxes.slice(n + 1).filter(([_, b]) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
    .map(([other]) => one + " | " + other));
})()
"""
# Boxes that hide or scroll what they hold, texts outside their panel, and numbers of an axis that
# reach over the edge of the chart. Times may: Grafana lets the last one stick out.
CUT_OFF = """
[...document.querySelectorAll(".panel")].flatMap((panel) => {
  const edge = panel.getBoundingClientRect(), title = panel.querySelector("h2").textContent;
  const hiding = [...panel.querySelectorAll("*")].filter((one) => {
    const { overflowX, overflowY } = getComputedStyle(one);
    return (overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1) ||
      (overflowY !== "visible" && one.scrollHeight > one.clientHeight + 1);
  });
  const texts = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT), outside = [];
  while (texts.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    const box = range.getBoundingClientRect();
    if (box.left < edge.left || box.right > edge.right || box.top < edge.top ||
        box.bottom > edge.bottom) outside.push(texts.currentNode.textContent);
  }
  const drawn = [...panel.querySelectorAll("canvas")].flatMap((chart) =>
    (chart.written ?? []).filter(({ align, left, right }) =>
      align !== "center" && (left < 0 || right > chart.width)).map(({ text }) => text));
  return [...hiding.map((one) => one.textContent), ...outside, ...drawn]
    .map((text) => title + ": " + text);
})
"""
# What every panel says: its numbers, and on a chart those of the left and of the right axis.
SAID = """
[...document.querySelectorAll(".panel")].map((panel) => {
  const written = [...panel.querySelectorAll("canvas")].flatMap((chart) => chart.written ?? []);
  const of = (side) => written.filter(({ align }) => align === side).map(({ text }) => text);
  const inside = panel.querySelector('[data-testid$="panel content"]');
  const values = [...inside.querySelectorAll("div")].filter(({ children }) => children.length &&
    [...children].every((part) => part.tagName === "SPAN" && !part.children.length));
  return {
    title: panel.querySelector("h2").textContent,
    empty: panel.textContent.includes("No data"),
    left: [...values.map((one) => one.textContent), ...of("right")],
    right: of("left"),
  };
})
"""
_NUMBER = r"-?\d{1,4}(\.\d+)?"
_READS = {
    Unit.COUNT: r"-?\d{1,3}(,\d{3})*",
    Unit.SHARE: rf"{_NUMBER}%",
    Unit.SECONDS: rf"{_NUMBER} (ns|µs|ms|s|mins?|hours?|days?|weeks?|years?)",
    Unit.BYTES: rf"{_NUMBER} ([KMGT]i)?B",
    Unit.EVENTS: rf"{_NUMBER}K? evt/s",
    Unit.REQUESTS: rf"{_NUMBER}K? req/s",
    Unit.TIMES: rf"{_NUMBER} ?\u00d7",
}


def reads(text: str, unit: Unit) -> bool:
    """Whether people can read it: with its unit, and of at most four digits before the point."""
    return re.fullmatch(_READS[unit], text) is not None
