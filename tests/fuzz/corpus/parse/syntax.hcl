a = [for k, v in var.x : upper(v) if v != null && !(k == "b")]...
b "c" d {
  e = <<-EOT
    %{ if x ~}${y.z[*].w["q"]}%{ else }no%{ endif }
  EOT
  f = { (g) = 1e3, "h" : -2 % 3 ? 4 : null }
}
