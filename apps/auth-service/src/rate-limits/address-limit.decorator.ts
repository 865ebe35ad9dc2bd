import { SetMetadata } from '@nestjs/common';

/** Which limit counts the requests of a route. */
export type AddressLimit = 'register' | 'password-reset' | 'token';

export const ADDRESS_LIMIT = 'gatehouse:address-limit';

/** Names the limit for `AddressLimitGuard`. */
export const LimitedPerAddress = (limit: AddressLimit) => SetMetadata(ADDRESS_LIMIT, limit);
