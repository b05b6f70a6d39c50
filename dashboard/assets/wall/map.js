// The boundaries of the municipalities: TopoJSON → one path each, fetched once.
let loading = null

// → Map from code to { d, x, y }, in units where the map is 1000 wide; and its height.
export function boundaries(address) {
  loading ??= fetch(address)
    .then(answer => answer.json())
    .then(shapes)
    .catch(error => {
      loading = null // the next drawing tries again
      throw error
    })
  return loading
}

function shapes(topology) {
  const { scale, translate } = topology.transform
  const arcs = topology.arcs.map(arc => {
    let x = 0
    let y = 0
    return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]])
  })
  const ring = indexes => indexes.flatMap((index, i) => {
    const points = index < 0 ? arcs[~index].slice().reverse() : arcs[index]
    return i ? points.slice(1) : points
  })
  const found = topology.objects.municipalities.geometries.map(geometry => ({
    code: String(geometry.id),
    polygons: (geometry.type === "Polygon" ? [geometry.arcs] : geometry.arcs).map(rings => rings.map(ring)),
  }))
  return projected(found)
}

function projected(found) {
  const all = found.flatMap(one => one.polygons.flat(2))
  const [west, east] = range(all.map(point => point[0]))
  const [south, north] = range(all.map(point => point[1]))
  const shrink = Math.cos(((south + north) / 2) * Math.PI / 180)
  const factor = 1000 / ((east - west) * shrink)
  const place = ([lon, lat]) => [(lon - west) * shrink * factor, (north - lat) * factor]
  const byCode = new Map(found.map(one => {
    const polygons = one.polygons.map(rings => rings.map(points => points.map(place)))
    const [x, y] = middle(polygons)
    const d = polygons.flat().map(points => "M" + points.map(p => `${p[0].toFixed(1)},${p[1].toFixed(1)}`).join("L") + "Z").join("")
    return [one.code, { d, x, y }]
  }))
  return { byCode, height: Math.ceil((north - south) * factor) }
}

function range(numbers) {
  return [Math.min(...numbers), Math.max(...numbers)]
}

// Centre of gravity of the largest part.
function middle(polygons) {
  let best = { area: 0, x: 0, y: 0 }
  for (const [points] of polygons) {
    let area = 0
    let x = 0
    let y = 0
    points.forEach(([x0, y0], i) => {
      const [x1, y1] = points[(i + 1) % points.length]
      const cross = x0 * y1 - x1 * y0
      area += cross
      x += (x0 + x1) * cross
      y += (y0 + y1) * cross
    })
    if (Math.abs(area) > best.area) best = { area: Math.abs(area), x: x / (3 * area), y: y / (3 * area) }
  }
  return [best.x, best.y]
}
