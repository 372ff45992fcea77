import type { Database, OnHistory } from '../platform/database/index.js';
import type { Jobs } from '../platform/jobs/index.js';
import type { MailTransport } from '../platform/mail/index.js';
import { Mailing } from './mailing.js';
import { NoticeResolver, ViewerNoticesResolver } from './notice.resolver.js';
import { tellOfSteps } from './notices.js';

export { reminders } from './reminders.js';
export { notificationsRetention } from './retention.js';
export { processNotices } from './told/index.js';

export interface Notifications {
  /** Told of every recorded step, in its own unit of work. */
  onHistory: OnHistory;
  resolvers: object[];
}

export const createNotifications = (): Notifications => ({ onHistory: tellOfSteps, resolvers: [new NoticeResolver(), new ViewerNoticesResolver()] });

export const notificationJobs = (db: Database, transport: MailTransport, publicUrl: string): Jobs => new Mailing(db, transport, publicUrl).jobs;
