# one
locals {
a=1 # c
  long = <<-EOT
   x ${ a }
    EOT
	b = {
"k"=[1,-2 - -1]
}
}
