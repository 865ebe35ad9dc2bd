import type { EventFilters, SearchEvents } from '@gatehouse/audit-contracts';
import type { PageCursor } from './page-cursor.js';

/** The conditions of a search, and their parameters from `$1` on. */
export interface EventFilter {
  /** `true` where nothing is filtered. */
  readonly where: string;
  readonly parameters: (string | number | Buffer)[];
}

type Filters = Omit<EventFilters, 'ip'> & {
  order: SearchEvents['order'];
  /** What finds an address (`addressIndex`). */
  address?: Buffer;
  /** `203.0.113.0/24` */
  network?: string;
};

/** The SQL of the filters that are given; all of them must hold. */
export function eventFilter(filters: Filters, cursor: PageCursor | undefined): EventFilter {
  const conditions: string[] = [];
  const parameters: (string | number | Buffer)[] = [];
  const add = (condition: string, value: string | number | Buffer | undefined, end = '') => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(`${condition} $${parameters.length}${end}`);
  };
  const { action } = filters;
  const prefix = action?.endsWith('.*') ? action.slice(0, -1) : undefined;
  add('actor_id =', filters.actorId);
  add('target_id =', filters.targetId);
  add('actor_type =', filters.actorType);
  add('target_type =', filters.targetType);
  add('tenant =', filters.tenant);
  add('producer =', filters.producer);
  add('submitted_by =', filters.submittedBy);
  add('action =', prefix === undefined ? action : undefined);
  // Everything that begins with `auth.`: the slash is the character after the dot, and the column compares bytes.
  add('action >=', prefix);
  add('action <', prefix && `${prefix.slice(0, -1)}/`);
  add('seq IN (SELECT seq FROM event_address WHERE address =', filters.address, ')');
  add('network <<=', filters.network, '::cidr');
  add('category =', filters.category);
  add('outcome =', filters.outcome);
  add('occurred_at >=', filters.from);
  add('occurred_at <', filters.to);
  add(filters.order === 'asc' ? 'seq >' : 'seq <', cursor?.seq);
  return { where: conditions.length === 0 ? 'true' : conditions.join(' AND '), parameters };
}
