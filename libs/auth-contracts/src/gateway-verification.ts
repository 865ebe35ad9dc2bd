import { z } from 'zod';
import { ROLES } from './role.js';
import { GrantedPermission } from './service-account.js';

/** Once or several times in a query. */
const several = <Item extends z.ZodType>(item: Item) =>
  z
    .union([z.array(item).max(20), item.transform((one) => [one])])
    .optional()
    .transform((list) => (list ?? []) as z.output<Item>[]);

/** What a gateway asks for beside a credential that is good. */
export const VerifyAccessQuery = z.strictObject({
  /** A built-in role: that one or a higher one. */
  role: several(z.enum(ROLES)),
  /** All of them. */
  permission: several(GrantedPermission),
});
export type VerifyAccessQuery = z.infer<typeof VerifyAccessQuery>;
