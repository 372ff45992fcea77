import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { type Response, Router } from 'express';
import { webFolder } from './operations.js';
import { govukFolder } from './templates.js';

interface Asset {
  type: string;
  plain: Buffer;
  gzip: Buffer;
  br: Buffer;
}

/** The style sheet and the icon, kept in memory, their addresses changing with what they hold. */
export function createAssets(): { router: Router; path: string } {
  const files: Record<string, Asset> = {
    'signpost.css': asset('text/css; charset=utf-8', styles()),
    'favicon.svg': asset('image/svg+xml', readFileSync(join(webFolder, 'favicon.svg'), 'utf8')),
  };
  const version = createHash('sha256').update(Buffer.concat(Object.values(files).map((each) => each.plain))).digest('hex').slice(0, 12);
  const router = Router();
  for (const [name, file] of Object.entries(files)) {
    router.get(`/assets/${version}/${name}`, (request, response) => send(response, file, request.acceptsEncodings('br', 'gzip')));
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

function asset(type: string, text: string): Asset {
  const plain = Buffer.from(text);
  return { type, plain, gzip: gzipSync(plain, { level: 9 }), br: brotliCompressSync(plain) };
}

function send(response: Response, file: Asset, encoding: string | false): void {
  response.setHeader('Content-Type', file.type);
  response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
  response.setHeader('Vary', 'Accept-Encoding');
  if (encoding) response.setHeader('Content-Encoding', encoding);
  response.end(encoding === 'br' ? file.br : encoding === 'gzip' ? file.gzip : file.plain);
}
