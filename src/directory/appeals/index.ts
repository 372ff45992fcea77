export { type Appealable, lastStep } from './appealable.js';
export { appealProcess } from './appeal.process.js';
export { AppealResolver } from './appeal.resolver.js';
export { Appeals } from './appeal.service.js';
export { providerSuspended, recommendationDecision, roleRefused } from './of-directory.js';
