/** One thing that a recording shows: what was typed, and what the terminal had to say, with its colours. */
export interface Scene {
  command: string;
  /** What was printed, with SGR sequences. */
  output: string;
}

/** A run of characters in one style. */
interface Span {
  text: string;
  color: string | undefined;
  bold: boolean;
  dim: boolean;
}

const COLUMNS = 110;
const LINE = 18;
const CHARACTER = 8.43;
const MARGIN = 16;
const SECONDS_A_SCENE = 7;
const COLORS: Record<number, string> = {
  31: "#f85149",
  32: "#3fb950",
  33: "#d29922",
  34: "#58a6ff",
  35: "#bc8cff",
  36: "#39c5cf",
};

// Draws scenes one after the other as one SVG that repeats; who wants no motion sees the first alone.
export function renderSvg(scenes: readonly Scene[]): string {
  const screens = scenes.map(({ command, output }) => [
    [{ text: `$ ${command}`, color: "#e6edf3", bold: true, dim: false }],
    ...linesOf(output),
  ]);
  const rows = Math.max(...screens.map((lines) => lines.length));
  const width = Math.ceil(COLUMNS * CHARACTER + 2 * MARGIN);
  const height = rows * LINE + 2 * MARGIN + 24;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}" role="img" aria-label="hullwright in a terminal">`,
    `<style>${style(scenes.length)}</style>`,
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>`,
    ...["#ff5f56", "#ffbd2e", "#27c93f"].map(
      (color, index) =>
        `<circle cx="${String(MARGIN + 6 + index * 20)}" cy="16" r="6" fill="${color}"/>`,
    ),
    ...screens.map(
      (lines, index) =>
        `<g class="scene" style="animation-delay:${String(index * SECONDS_A_SCENE)}s">${lines.map((spans, row) => drawLine(spans, row)).join("")}</g>`,
    ),
    "</svg>",
    "",
  ].join("\n");
}

// One scene is seen at a time.
function style(count: number): string {
  const share = (100 / count).toFixed(3);
  const whole = count * SECONDS_A_SCENE;
  return [
    "text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#c9d1d9;white-space:pre}",
    `.scene{opacity:0;animation:show ${String(whole)}s infinite step-end}`,
    `@keyframes show{0%{opacity:1}${share}%{opacity:0}100%{opacity:0}}`,
    "@media (prefers-reduced-motion:reduce){.scene{animation:none}.scene:nth-of-type(1){opacity:1}}",
  ].join("");
}

function drawLine(spans: readonly Span[], row: number): string {
  const y = MARGIN + 24 + (row + 1) * LINE - 5;
  const parts = spans.map(({ text, color, bold, dim }) => {
    const attributes = [
      color === undefined ? "" : ` fill="${color}"`,
      bold ? ' font-weight="bold"' : "",
      dim ? ' opacity="0.6"' : "",
    ].join("");
    return `<tspan${attributes}>${escapeXml(text)}</tspan>`;
  });
  return `<text x="${String(MARGIN)}" y="${String(y)}" xml:space="preserve">${parts.join("")}</text>`;
}

// The lines of an output, each as spans; what is wider than the terminal is cut, as there is no room for it.
function linesOf(output: string): Span[][] {
  const state: Omit<Span, "text"> = { color: undefined, bold: false, dim: false };
  return output
    .trimEnd()
    .split("\n")
    .map((line) => cut(spansOf(line, state)));
}

// Splits a line at its SGR sequences. `state` goes on from line to line.
function spansOf(line: string, state: Omit<Span, "text">): Span[] {
  const spans: Span[] = [];
  for (const part of line.split(/(\u001b\[[0-9;]*m)/)) {
    const codes = /^\u001b\[([0-9;]*)m$/.exec(part);
    if (codes) for (const code of (codes[1] ?? "").split(";")) applyCode(state, Number(code));
    else if (part !== "") spans.push({ text: part, ...state });
  }
  return spans;
}

function applyCode(state: Omit<Span, "text">, code: number): void {
  if (code === 0) Object.assign(state, { color: undefined, bold: false, dim: false });
  else if (code === 1) state.bold = true;
  else if (code === 2) state.dim = true;
  else if (code === 22) Object.assign(state, { bold: false, dim: false });
  else if (code === 39) state.color = undefined;
  else if (code in COLORS) state.color = COLORS[code];
}

function cut(spans: readonly Span[]): Span[] {
  let room = COLUMNS;
  return spans.flatMap((span) => {
    const text = span.text.slice(0, Math.max(0, room));
    room -= span.text.length;
    return text === "" ? [] : [{ ...span, text }];
  });
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
