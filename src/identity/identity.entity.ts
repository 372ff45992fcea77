import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role } from '../platform/actor.js';

@Entity('person')
export class PersonEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text') email: string;
  @Column('text') name: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}

@Entity('membership')
export class MembershipEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'person_id' }) personId: string;
  @Column('text') role: Role;
  @Column('integer', { name: 'school_urn', nullable: true }) schoolUrn: number | null;
  @Column('text', { name: 'trust_id', nullable: true }) trustId: string | null;
  @Column('text', { name: 'la_code', nullable: true }) laCode: string | null;
  @Column('uuid', { name: 'provider_id', nullable: true }) providerId: string | null;
  @Column('text') title: string;
  @Column('timestamptz', { name: 'confirmed_at', nullable: true }) confirmedAt: Date | null;
  @Column('uuid', { name: 'confirmed_by', nullable: true }) confirmedBy: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'ended_at', nullable: true }) endedAt: Date | null;
  @Column('uuid', { name: 'ended_by', nullable: true }) endedBy: string | null;
  @Column('text', { name: 'end_reason', nullable: true }) endReason: string | null;
  @Column('timestamptz', { name: 'offered_at', nullable: true }) offeredAt: Date | null;
  @Column('uuid', { name: 'offered_by', nullable: true }) offeredBy: string | null;
  @Column('text', { name: 'offered_email', nullable: true }) offeredEmail: string | null;
  @Column('timestamptz', { name: 'accepted_at', nullable: true }) acceptedAt: Date | null;
  @Column('uuid', { name: 'successor_id', nullable: true }) successorId: string | null;
  @Column('text', { name: 'handed_on', nullable: true }) handedOn: string | null;
}

@Entity('sip_assignment')
export class SipAssignmentEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'person_id' }) personId: string;
  @Column('integer', { name: 'school_urn' }) schoolUrn: number;
  @Column('timestamptz', { name: 'started_at' }) startedAt: Date;
  @Column('timestamptz', { name: 'ended_at', nullable: true }) endedAt: Date | null;
  @Column('uuid', { name: 'ended_by', nullable: true }) endedBy: string | null;
  @Column('uuid', { name: 'successor_id', nullable: true }) successorId: string | null;
  @Column('text', { name: 'handed_on', nullable: true }) handedOn: string | null;
}
