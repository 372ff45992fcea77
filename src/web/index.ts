import express, { type ErrorRequestHandler, type Express } from 'express';
import { isUnavailable } from '../platform/database/index.js';
import { aboutPages } from './about/pages.js';
import { noticePages } from './account/notices.js';
import { accountPages } from './account/pages.js';
import { rolePages } from './account/roles.js';
import { signInPages } from './account/sign-in.js';
import { denyContactPages } from './actions/deny-contact.js';
import { actionPages } from './actions/pages.js';
import { createAssets } from './assets.js';
import { directoryPages } from './directory/pages.js';
import { notFound } from './errors.js';
import { Operations } from './operations.js';
import { invitePages } from './providers/invite.js';
import { listingFormPages } from './providers/listing-form.js';
import { providerPages } from './providers/pages.js';
import { profilePages } from './providers/profile.js';
import { recommendationPages } from './recommendations/pages.js';
import { sameOrigin } from './safety.js';
import { importPages } from './service/imports.js';
import { servicePages } from './service/pages.js';
import { takeUploads } from './service/upload.js';
import { Pages, showsMail, type WebOptions } from './site.js';
import { createTemplates } from './templates.js';

export { operationNames, Operations } from './operations.js';
export type { WebOptions } from './site.js';

/** In this order: `/providers/new` comes before `/providers/:id`, and denying a contact before the other actions. */
const groups = [
  directoryPages,
  profilePages,
  providerPages,
  listingFormPages,
  invitePages,
  recommendationPages,
  denyContactPages,
  actionPages,
  signInPages,
  accountPages,
  noticePages,
  rolePages,
  servicePages,
  importPages,
  aboutPages,
];

const FORM_LIMIT = '200kb';

/** The pages: each runs a GraphQL operation in-process, with the caller's own rights, and draws a template. */
export function webRoutes(options: WebOptions): Express {
  const assets = createAssets();
  const pages = new Pages({
    options,
    operations: new Operations(options.production),
    templates: createTemplates(options.production, { assets: assets.path, showsMail: showsMail(options) }),
  });
  for (const addTo of groups) addTo(pages);

  const app = express(); // of its own: pages have an ETag, so that by a poor signal an unchanged one is not sent again
  app.disable('x-powered-by');
  app.use(assets.router);
  app.use((_request, response, next) => {
    response.setHeader('Referrer-Policy', 'same-origin'); // with `no-referrer` browsers hide the Origin of our own forms
    next();
  });
  app.use(sameOrigin(options), takeUploads(options), express.urlencoded({ extended: false, limit: FORM_LIMIT }), options.gate, pages.router);
  app.use((_request, _response, next) => next(notFound()));
  app.use((async (error, request, response, next) => {
    if (response.headersSent || isUnavailable(error)) return next(error);
    await pages.answerError(request, response, error); // express passes on what this throws
  }) satisfies ErrorRequestHandler);
  return app;
}
