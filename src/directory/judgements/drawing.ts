import type { Circle } from './judgement.type.js';

const [WIDTH, HEIGHT, RADIUS, DOT] = [640, 440, 140, 9];
const LONGEST = 28;

const escaped = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.codePointAt(0)};`);
const shortened = (name: string) => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name);
const round = (value: number) => Math.round(value * 10) / 10;

/** Draws a circle of providers as an SVG image: an arrow from whose school recommends to who is recommended; the one that waits is dashed. */
export function drawCircle({ nodes, edges }: Circle): string {
  const places = new Map(
    nodes.map(({ id }, i) => {
      const angle = (2 * Math.PI * i) / nodes.length - Math.PI / 2;
      return [id, { x: WIDTH / 2 + RADIUS * Math.cos(angle), y: HEIGHT / 2 + RADIUS * Math.sin(angle) }];
    }),
  );
  const arrows = edges.flatMap(({ from, to, school, closes }) => {
    const [a, b] = [places.get(from), places.get(to)];
    if (!a || !b || from === to) return [];
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    const [dx, dy] = [((b.x - a.x) / length) * (DOT + 4), ((b.y - a.y) / length) * (DOT + 4)];
    const line = `x1="${round(a.x + dx)}" y1="${round(a.y + dy)}" x2="${round(b.x - dx)}" y2="${round(b.y - dy)}"`;
    return [`<line ${line} stroke="${closes ? '#d4351c' : '#505a5f'}" stroke-width="2"${closes ? ' stroke-dasharray="6 4"' : ''} marker-end="url(#tip)"><title>${escaped(school)}</title></line>`];
  });
  const names = nodes.map(({ id, name }) => {
    const { x, y } = places.get(id)!;
    const anchor = Math.abs(x - WIDTH / 2) < 1 ? 'middle' : x > WIDTH / 2 ? 'start' : 'end';
    const [left, top] = [x + (anchor === 'start' ? 16 : anchor === 'end' ? -16 : 0), anchor === 'middle' ? y + (y < HEIGHT / 2 ? -18 : 30) : y + 5];
    return `<circle cx="${round(x)}" cy="${round(y)}" r="${DOT}" fill="#1d70b8"/><text x="${round(left)}" y="${round(top)}" font-size="14" text-anchor="${anchor}">${escaped(shortened(name))}</text>`;
  });
  const said = `${nodes.map(({ name }) => name).join(', ')}: ${edges.length} recommendations among them`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(said)}">`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#505a5f"/></marker></defs>',
    ...arrows,
    ...names,
    '</svg>',
  ].join('');
}
