import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { type Response, Router } from 'express';
import { webFolder } from './operations.js';
import { govukFolder } from './templates.js';

const encodings = ['br', 'gzip'] as const;
const compressions = { br: (plain: Buffer) => brotliCompressSync(plain), gzip: (plain: Buffer) => gzipSync(plain, { level: 9 }) };

interface Asset {
  type: string;
  plain: Buffer;
  /** Made when first asked for. */
  br?: Buffer;
  gzip?: Buffer;
}

/** The style sheet and the icon, kept in memory, their addresses changing with what they hold. */
export function createAssets(): { router: Router; path: string } {
  const files: Record<string, Asset> = {
    'signpost.css': { type: 'text/css; charset=utf-8', plain: Buffer.from(styles()) },
    'favicon.svg': { type: 'image/svg+xml', plain: readFileSync(join(webFolder, 'favicon.svg')) },
  };
  const version = createHash('sha256').update(Buffer.concat(Object.values(files).map((each) => each.plain))).digest('hex').slice(0, 12);
  const router = Router();
  for (const [name, file] of Object.entries(files)) {
    router.get(`/assets/${version}/${name}`, (request, response) => send(response, file, request.acceptsEncodings(...encodings)));
  }
  return { router, path: `/assets/${version}` };
}

/**
 * GOV.UK's components and ours in one file. Their typeface is licensed to GOV.UK alone, so its faces are left out and
 * its name replaced.
 */
function styles(): string {
  const govuk = readFileSync(join(govukFolder, 'govuk', 'govuk-frontend.min.css'), 'utf8')
    .replace(/@font-face\{[^}]*\}/g, '')
    .replace(/GDS Transport,arial,sans-serif/g, 'arial,sans-serif')
    .replace(/\/\*# sourceMappingURL=.*?\*\//g, '');
  return govuk + readFileSync(join(webFolder, 'signpost.css'), 'utf8');
}

function send(response: Response, file: Asset, accepted: string | false): void {
  const encoding = encodings.find((each) => each === accepted);
  response.setHeader('Content-Type', file.type);
  response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
  response.setHeader('Vary', 'Accept-Encoding');
  if (encoding) response.setHeader('Content-Encoding', encoding);
  response.end(encoding ? (file[encoding] ??= compressions[encoding](file.plain)) : file.plain);
}
