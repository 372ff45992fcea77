import { Column, Entity, PrimaryColumn } from 'typeorm';
import type {
  Assurance,
  Capacity,
  Category,
  Delivery,
  EcmOutcome,
  ListingState,
  PriceKind,
  PriceUnit,
  ProviderKind,
  ProviderState,
  SupportPhase,
  Vat,
} from './vocabulary.js';

@Entity('provider')
export class ProviderEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('text') kind: ProviderKind;
  @Column('text') assurance: Assurance;
  @Column('text') state: ProviderState;
  @Column('text') name: string;
  @Column('text') summary: string;
  @Column('text') description: string;
  @Column('text', { nullable: true }) website: string | null;
  @Column('text', { name: 'contact_name' }) contactName: string;
  @Column('text', { name: 'contact_role' }) contactRole: string;
  @Column('text', { name: 'contact_email', nullable: true }) contactEmail: string | null;
  @Column('text', { name: 'contact_phone', nullable: true }) contactPhone: string | null;
  @Column('text', { name: 'base_postcode', nullable: true }) basePostcode: string | null;
  @Column('integer', { name: 'base_easting', nullable: true }) baseEasting: number | null;
  @Column('integer', { name: 'base_northing', nullable: true }) baseNorthing: number | null;
  @Column('integer', { name: 'school_urn', nullable: true }) schoolUrn: number | null;
  @Column('text', { nullable: true }) interests: string | null;
  @Column('text') safeguarding: string;
  @Column('text', { name: 'assuring_la', nullable: true }) assuringLa: string | null;
  @Column('text', { name: 'assured_by', nullable: true }) assuredBy: string | null;
  @Column('text', { name: 'assured_link', nullable: true }) assuredLink: string | null;
  @Column('integer') version: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}

@Entity('listing')
export class ListingEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'provider_id' }) providerId: string;
  @Column('text') state: ListingState;
  @Column('text') title: string;
  @Column('text') summary: string;
  @Column('text') description: string;
  @Column('text', { array: true }) categories: Category[];
  @Column('text', { name: 'ecm_outcomes', array: true }) ecmOutcomes: EcmOutcome[];
  @Column('text', { array: true }) phases: SupportPhase[];
  @Column('text', { array: true }) keywords: string[];
  @Column('text', { array: true }) delivery: Delivery[];
  @Column('boolean') national: boolean;
  @Column('text', { name: 'la_codes', array: true }) laCodes: string[];
  @Column('integer', { name: 'radius_km', nullable: true }) radiusKm: number | null;
  @Column('text', { name: 'price_kind' }) priceKind: PriceKind;
  @Column('integer', { name: 'price_pence', nullable: true }) pricePence: number | null;
  @Column('text', { name: 'price_unit', nullable: true }) priceUnit: PriceUnit | null;
  @Column('text', { nullable: true }) vat: Vat | null;
  @Column('text', { name: 'free_link', nullable: true }) freeLink: string | null;
  @Column('text') capacity: Capacity;
  @Column('date', { name: 'available_from', nullable: true }) availableFrom: string | null;
  @Column('text', { name: 'contact_name', nullable: true }) contactName: string | null;
  @Column('text', { name: 'contact_email', nullable: true }) contactEmail: string | null;
  @Column('text', { name: 'contact_phone', nullable: true }) contactPhone: string | null;
  @Column('text') evidence: string;
  @Column('integer') version: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
  @Column('timestamptz', { name: 'published_at', nullable: true }) publishedAt: Date | null;
}
