import type { IncomingMessage, ServerResponse } from 'node:http';
import { RETRY_AFTER_SECONDS } from './database/index.js';

export const UNAVAILABLE = 'SERVICE_UNAVAILABLE';
export const UNAVAILABLE_MESSAGE = 'Signpost cannot answer at the moment. Try again in a few seconds.';

/** The page for people while the service cannot answer. It needs nothing that could be away too. */
export function unavailablePage(reference: string): string {
  return `<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sorry, the service is not available – Signpost</title>
</head>
<body>
<main>
<h1>Sorry, the service is not available</h1>
<p>Signpost cannot answer at the moment. Wait a few seconds, then load this page again.</p>
<p>If you were sending a form, go back: your browser still has what you typed.</p>
<p>If it goes on, tell whoever runs the service for you, with this reference: ${reference}</p>
</main>
</body>
</html>
`;
}

/** Answers that the service cannot answer now, in the form that the caller reads, unless something was answered already. */
export function answerUnavailable(request: IncomingMessage, response: ServerResponse, reference: string): void {
  if (response.headersSent || response.writableEnded) return;
  const forMachines = /^\/graphql(\/|\?|$)/.test(request.url ?? '');
  const body = forMachines
    ? JSON.stringify({ errors: [{ message: UNAVAILABLE_MESSAGE, extensions: { code: UNAVAILABLE, reference } }] })
    : unavailablePage(reference);
  for (const name of response.getHeaderNames()) if (/^(content-|etag|set-cookie|cache-control)/i.test(name)) response.removeHeader(name);
  response.writeHead(503, {
    'Retry-After': String(RETRY_AFTER_SECONDS),
    'Cache-Control': 'no-store',
    'Content-Type': forMachines ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'X-Request-Id': reference,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
