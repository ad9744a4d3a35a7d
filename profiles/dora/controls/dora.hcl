# Regulation (EU) 2022/2554 (DORA). Numbers are those of its articles, the words are ours.

control "dora" "8(6)" {
  edition  = "Regulation (EU) 2022/2554"
  title    = "Information and ICT assets are inventoried, and what they depend on is known"
  citation = "Regulation (EU) 2022/2554, Article 8(6)"
}

control "dora" "9(2)" {
  edition  = "Regulation (EU) 2022/2554"
  title    = "Data is protected at rest, in use and in transit"
  citation = "Regulation (EU) 2022/2554, Article 9(2)"
}

control "dora" "9(4)(b)" {
  edition  = "Regulation (EU) 2022/2554"
  title    = "The network can be segmented, and parts of it cut off at once"
  citation = "Regulation (EU) 2022/2554, Article 9(4)(b)"
}

control "dora" "9(4)(c)" {
  edition  = "Regulation (EU) 2022/2554"
  title    = "Access is limited to what somebody legitimately needs"
  citation = "Regulation (EU) 2022/2554, Article 9(4)(c)"
}

control "dora" "9(4)(d)" {
  edition  = "Regulation (EU) 2022/2554"
  title    = "Authentication is strong, and keys are protected"
  citation = "Regulation (EU) 2022/2554, Article 9(4)(d)"
}

control "dora" "10(1)" {
  edition  = "Regulation (EU) 2022/2554"
  title    = "Anomalies are detected, and single points of failure are known"
  citation = "Regulation (EU) 2022/2554, Article 10(1)"
}

control "dora" "10(3)" {
  edition  = "Regulation (EU) 2022/2554"
  title    = "What users do is monitored"
  citation = "Regulation (EU) 2022/2554, Article 10(3)"
}

control "dora" "12(1)" {
  edition  = "Regulation (EU) 2022/2554"
  title    = "Backups have a scope and a least frequency that follow how critical the data is"
  citation = "Regulation (EU) 2022/2554, Article 12(1)"
}

control "dora" "12(4)" {
  edition  = "Regulation (EU) 2022/2554"
  title    = "ICT capacity is redundant"
  citation = "Regulation (EU) 2022/2554, Article 12(4)"
}
