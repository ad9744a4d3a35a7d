a = [for x in y : x if x > 1]
b "l" {
  c = { d = 1 + 2 * f(g.h[0]) }
}
