// What the API found wrong, at the fields it belongs to.

/** The id of the field at a path, in the page. */
export const idOf = (path) => `field-${path.replace(/[^\w-]+/g, "-")}`

const within = (path, field) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`)

/** The faults by the path of the field that shows each: the nearest one among `paths`; "" for those of none. */
export function assign(faults, paths) {
  const assigned = new Map()
  for (const fault of faults) {
    const owners = paths.filter((field) => within(fault.path, field))
    const owner = owners.reduce((nearest, field) => (field.length > nearest.length ? field : nearest), "")
    assigned.set(owner, [...(assigned.get(owner) ?? []), fault])
  }
  return assigned
}

/** The paths of all fields that a form shows. */
export function pathsOf(fields, draft) {
  return fields.flatMap(({ name, sort, fields: inner }) => {
    if (sort === "group") return [name, ...inner.map((field) => `${name}.${field.name}`)]
    if (sort !== "sources") return [name]
    const parts = (_, at) => ["", ".document", ".via", ".mode", ".quote"].map((part) => `${name}[${at}]${part}`)
    return [name, ...(draft[name] ?? []).flatMap(parts)]
  })
}
