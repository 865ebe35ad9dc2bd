/** The options of `DatabaseModule`, inside the module. */
export const DATABASE_OPTIONS = Symbol('DATABASE_OPTIONS');
