# Trust Services Criteria 2017 with the points of focus of 2022. Ids are AICPA's, the words are ours.

control "soc2" "CC6.1" {
  edition  = "TSC 2017, points of focus 2022"
  title    = "Logical access to information assets is restricted"
  citation = "TSC 2017 CC6.1"
}

control "soc2" "CC6.6" {
  edition  = "TSC 2017, points of focus 2022"
  title    = "Threats from outside the system boundary are kept out"
  citation = "TSC 2017 CC6.6"
}

control "soc2" "CC7.2" {
  edition  = "TSC 2017, points of focus 2022"
  title    = "Components are monitored for anomalies"
  citation = "TSC 2017 CC7.2"
}

control "soc2" "CC7.3" {
  edition  = "TSC 2017, points of focus 2022"
  title    = "Security events are evaluated"
  citation = "TSC 2017 CC7.3"
}

control "soc2" "CC7.5" {
  edition  = "TSC 2017, points of focus 2022"
  title    = "The entity can recover from security incidents"
  citation = "TSC 2017 CC7.5"
}

control "soc2" "CC8.1" {
  edition  = "TSC 2017, points of focus 2022"
  title    = "Changes are authorised, tested and traceable"
  citation = "TSC 2017 CC8.1"
}
