import { ID, Int, ObjectType } from 'type-graphql';
import { Seen } from '../platform/access.js';
import { connectionType } from '../platform/connection.js';

@ObjectType({ description: 'Something that has happened, or that comes, and that you are told of.' })
export class Notice {
  @Seen('parent', () => ID, { description: 'Id of the notice.' })
  id: string;

  @Seen('parent', () => String, { description: 'What it tells of: a step of a process, such as `Invitation.send`, or a deadline, such as `Reminder.invitation-closes`.' })
  kind: string;

  @Seen('parent', () => ID, { description: 'Id of the object that it tells of, to ask for by the query of that kind: for `Invitation.send` that of the invitation.' })
  objectId: string;

  @Seen('parent', () => String, { description: 'What it is about, in a line.' })
  subject: string;

  @Seen('parent', () => String, { description: 'What has happened.' })
  text: string;

  @Seen('parent', () => String, { nullable: true, description: 'What is expected of you; null where nothing is.' })
  expected: string | null;

  @Seen('parent', () => Date, { nullable: true, description: 'By when.' })
  dueAt: Date | null;

  @Seen('parent', () => String, { description: 'Path of the page of the site that it leads to.' })
  link: string;

  @Seen('parent', () => Date, { description: 'When you were told.' })
  createdAt: Date;

  @Seen('parent', () => Date, { nullable: true, description: 'When you marked it as read; null while it is unread.' })
  readAt: Date | null;
}

export const NoticeConnection = connectionType('Notice', () => Notice);

@ObjectType({ description: 'Your notices were marked as read.' })
export class NoticesRead {
  @Seen('parent', () => Int, { description: 'How many were unread before.' })
  count: number;
}
