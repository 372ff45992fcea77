/** The product's only source of time. Storage is UTC; tests and jobs are given a clock they can move. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that moves only when told to. */
export class ManualClock implements Clock {
  constructor(private current: Date = new Date('2026-09-07T09:00:00Z')) {}

  now(): Date {
    return new Date(this.current);
  }

  advance(by: { days?: number; hours?: number; minutes?: number; seconds?: number }): void {
    const { days = 0, hours = 0, minutes = 0, seconds = 0 } = by;
    this.current = new Date(this.current.getTime() + (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
  }
}

const dayInLondon = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' });

/** `2026-11-22`: the day it is for people in England at that moment. */
export function londonDay(at: Date): string {
  return dayInLondon.format(at);
}
