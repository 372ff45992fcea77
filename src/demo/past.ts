import { type Brokerage, createBrokerage } from '../brokerage/index.js';
import { createDirectory } from '../directory/index.js';
import { createNotifications } from '../notifications/index.js';
import { createOutcomes, type Outcomes } from '../outcomes/index.js';
import type { Database, Recorded, Transactions, UnitOfWork } from '../platform/database/index.js';
import { createReferrals, type ReferralsRoom } from '../referrals/index.js';

/**
 * The product's services as they would have been used at moments that have passed: each of their units of work is a part
 * of the one transaction, at the moment that was set last. Notices are written, mail is not sent, and no job is added.
 */
export class Past {
  /** A database like the one it is made from, which knows only the one transaction. */
  readonly db: Database;
  readonly brokerage: Brokerage;
  readonly referrals: ReferralsRoom;
  readonly outcomes: Outcomes;
  private readonly notifications = createNotifications();
  private now: Date;

  constructor(
    db: Database,
    private readonly tx: UnitOfWork,
    /** What is older is told to nobody: they would have read it long ago. */
    private readonly toldSince: Date,
  ) {
    this.now = toldSince;
    const inside: Transactions = { query: tx.query, transaction: (work) => this.unitOfWork(work), longTransaction: (work) => this.unitOfWork(work) };
    this.db = Object.assign(Object.create(db) as Database, inside);
    this.brokerage = createBrokerage(this.db);
    this.referrals = createReferrals(this.db, this.brokerage.requests, async () => {});
    const directory = createDirectory(this.db, '', async () => {});
    this.outcomes = createOutcomes(this.db, directory.recommendations, directory.appeals);
  }

  moveTo(moment: Date): void {
    this.now = moment;
  }

  /** What the jobs of a night do that has to be done on the day. */
  async passNight(): Promise<void> {
    await this.brokerage.requests.passTime();
    await this.brokerage.passTimeForEngagements();
  }

  /** What they do that nobody misses if it comes some days later. */
  async passWeek(): Promise<void> {
    const { referrals, outcomes } = this;
    await referrals.referrals.passTime();
    await referrals.suggestions.passTime();
    await outcomes.ratings.passTime();
    await outcomes.releaseEvidence();
    await outcomes.releaseUnmetNeed();
  }

  /** Tells of a step that was written into the history by other means. */
  tellOf(step: Recorded): Promise<void> {
    return this.tell(this.unit([]), [step]);
  }

  private async unitOfWork<T>(work: (tx: UnitOfWork) => Promise<T>): Promise<T> {
    const steps: Recorded[] = [];
    const unit = this.unit(steps);
    const result = await work(unit);
    if (steps.length > 0) await this.tell(unit, steps);
    return result;
  }

  private async tell(unit: UnitOfWork, steps: Recorded[]): Promise<void> {
    if (unit.now >= this.toldSince) await this.notifications.onHistory(unit, steps);
  }

  private unit(steps: Recorded[]): UnitOfWork {
    return { ...this.tx, now: this.now, addJob: async () => {}, addJobs: async () => {}, recorded: (each) => void steps.push(...each) };
  }
}
