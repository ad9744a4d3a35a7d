# Delegated Regulation (EU) 2024/1774, the technical standards on ICT risk management. The words are ours.

control "rts_2024_1774" "6" {
  edition  = "Delegated Regulation (EU) 2024/1774"
  title    = "Data is encrypted by a policy that follows its classification and the risk"
  citation = "Delegated Regulation (EU) 2024/1774, Article 6"
}

control "rts_2024_1774" "10(2)(b)" {
  edition  = "Delegated Regulation (EU) 2024/1774"
  title    = "Assets are scanned for vulnerabilities, those of critical functions at least weekly"
  citation = "Delegated Regulation (EU) 2024/1774, Article 10(2)(b)"
}

control "rts_2024_1774" "10(2)(d)" {
  edition  = "Delegated Regulation (EU) 2024/1774"
  title    = "Third-party libraries, open-source ones included, are tracked with their versions"
  citation = "Delegated Regulation (EU) 2024/1774, Article 10(2)(d)"
}

control "rts_2024_1774" "11(2)(b)" {
  edition  = "Delegated Regulation (EU) 2024/1774"
  title    = "There is a secure baseline of configuration, and it is verified regularly"
  citation = "Delegated Regulation (EU) 2024/1774, Article 11(2)(b)"
}

control "rts_2024_1774" "11(2)(k)" {
  edition  = "Delegated Regulation (EU) 2024/1774"
  title    = "What a provider operates and what the entity operates is told apart, and each is set as recommended"
  citation = "Delegated Regulation (EU) 2024/1774, Article 11(2)(k)"
}

control "rts_2024_1774" "12(2)(a)" {
  edition  = "Delegated Regulation (EU) 2024/1774"
  title    = "The events to log are named, and the entity sets how long they are kept"
  citation = "Delegated Regulation (EU) 2024/1774, Article 12(2)(a)"
}

control "rts_2024_1774" "12(2)(c)" {
  edition  = "Delegated Regulation (EU) 2024/1774"
  title    = "Logs cover access, changes, operations and network traffic"
  citation = "Delegated Regulation (EU) 2024/1774, Article 12(2)(c)"
}

control "rts_2024_1774" "12(2)(d)" {
  edition  = "Delegated Regulation (EU) 2024/1774"
  title    = "Logs are protected against tampering, deletion and unauthorised reading"
  citation = "Delegated Regulation (EU) 2024/1774, Article 12(2)(d)"
}

control "rts_2024_1774" "13(1)(a)" {
  edition  = "Delegated Regulation (EU) 2024/1774"
  title    = "The network is segmented by how critical its parts are"
  citation = "Delegated Regulation (EU) 2024/1774, Article 13(1)(a)"
}

control "rts_2024_1774" "13(1)(c)" {
  edition  = "Delegated Regulation (EU) 2024/1774"
  title    = "Administration has a network of its own"
  citation = "Delegated Regulation (EU) 2024/1774, Article 13(1)(c)"
}

control "rts_2024_1774" "13(1)(e)" {
  edition  = "Delegated Regulation (EU) 2024/1774"
  title    = "Connections over networks that are not trusted are encrypted"
  citation = "Delegated Regulation (EU) 2024/1774, Article 13(1)(e)"
}

control "rts_2024_1774" "13(1)(h)" {
  edition  = "Delegated Regulation (EU) 2024/1774"
  title    = "Rules of filters are defined and reviewed"
  citation = "Delegated Regulation (EU) 2024/1774, Article 13(1)(h)"
}

control "rts_2024_1774" "14" {
  edition  = "Delegated Regulation (EU) 2024/1774"
  title    = "Data is protected in transit"
  citation = "Delegated Regulation (EU) 2024/1774, Article 14"
}

control "rts_2024_1774" "21(a)" {
  edition  = "Delegated Regulation (EU) 2024/1774"
  title    = "Rights follow need to know, need to use and least privilege"
  citation = "Delegated Regulation (EU) 2024/1774, Article 21(a)"
}
