import type { StatusChange } from '@gatehouse/provider-health-contracts';

/** What PostgreSQL knows of a provider's status. */
export interface RecordedStatus {
  /** Its last transition. */
  last?: StatusChange;
  /** The last that no override made: what the provider is beneath one. */
  own?: StatusChange;
  /** The version with which it last became unhealthy. */
  unhealthyVersion?: number;
}
