export { fileTransport, readMailFolder } from './files.js';
export { deliver, mailJobs, sendCode, sendMail } from './mail.js';
export { sendToTypedAddress } from './typed-address.js';
export type { MailTransport, Message } from './message.js';
export { MailRefused, smtpTransport } from './smtp.js';
