export interface Message {
  /** Stable over repeated sending, so that a mailbox can tell a repeat. */
  id: string;
  to: string;
  subject: string;
  text: string;
}

export interface MailTransport {
  /** @throws MailRefused where it is of no use to try again; any other error where it is */
  send(message: Message, signal?: AbortSignal): Promise<void>;
}
