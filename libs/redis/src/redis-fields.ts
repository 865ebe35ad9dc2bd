/** The fields of a hash or of an entry of a stream, from the list of names and values in which Redis answers them. */
export function toFields(list: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let index = 0; index + 1 < list.length; index += 2)
    fields[String(list[index])] = String(list[index + 1]);
  return fields;
}
