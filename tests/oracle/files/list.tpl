Hi ${name}%{ for x in list ~}
 - ${x}
%{ endfor ~}
$${kept} %%{ if }
len ${length(list)} ${file("a.txt")}