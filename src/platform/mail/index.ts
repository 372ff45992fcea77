export { fileTransport, readMailFolder } from './files.js';
export { deliver, mailJobs, sendMail } from './mail.js';
export type { MailTransport, Message } from './message.js';
export { MailRefused, smtpTransport } from './smtp.js';
