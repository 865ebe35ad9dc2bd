import type { Principal } from '@gatehouse/auth-contracts';
import type { RequestContext } from '@gatehouse/service-bootstrap';

/** Who changes something, by which request. */
export interface Editor {
  by: Principal;
  request: RequestContext;
}
