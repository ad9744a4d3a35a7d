one { a=b ? c : d.e[0]}
/* x */ f = g(1,
2) . h
