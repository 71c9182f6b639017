//! What may not be known of a person: columns of tables about people that are refused by name.

/// Tables about people.
const ABOUT_PEOPLE: [&str; 5] = ["secondees", "posts", "placements", "people", "post_list"];

/// Words of English headings, and what they tell of a person.
const WORDS: &[(&str, &[&str])] = &[
    ("ethnicity", &["ethnic", "ethnicity", "ethnicities", "race", "nationality", "minority", "minzu"]),
    ("belief", &["religion", "religious", "faith", "belief", "beliefs", "creed", "church", "worship"]),
    ("politics", &["party", "political", "politics", "communist"]),
    ("a name", &["name", "names", "surname", "forename", "firstname", "lastname", "fullname", "xingming"]),
    ("birth", &["birth", "birthday", "birthdate", "birthplace", "born", "dob", "age"]),
    ("an official number", &["idcard", "identity", "passport", "ssn", "national"]),
    (
        "an address",
        &["phone", "telephone", "mobile", "wechat", "email", "mail", "address", "residence", "hukou"],
    ),
    ("health", &["health", "medical", "disability", "disease", "illness", "blood", "diagnosis"]),
    ("sex or family", &["sex", "gender", "marital", "married", "spouse", "children", "family"]),
];

/// Parts of Chinese headings.
const PARTS: &[(&str, &[&str])] = &[
    ("ethnicity", &["民族", "族别", "族裔", "种族"]),
    ("belief", &["宗教", "信仰", "教派"]),
    ("politics", &["政治面貌", "党派", "党员", "入党", "政治"]),
    ("a name", &["姓名", "名字", "曾用名"]),
    ("birth", &["出生", "生日", "年龄", "籍贯"]),
    ("an official number", &["身份证", "证件号", "护照", "社保号"]),
    ("an address", &["电话", "手机", "微信", "邮箱", "住址", "地址", "户口", "户籍"]),
    ("health", &["健康", "病史", "疾病", "残疾", "血型", "体检"]),
    ("sex or family", &["性别", "婚姻", "婚否", "配偶", "子女", "家庭"]),
];

/// What a heading of a table would tell of a person, where that may not be known.
pub(super) fn told_by(table: &str, heading: &str) -> Option<&'static str> {
    if !ABOUT_PEOPLE.contains(&table) {
        return None;
    }
    let lower = heading.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let by_word = WORDS.iter().find(|(_, known)| known.iter().any(|word| words.contains(word)));
    let by_part = || PARTS.iter().find(|(_, known)| known.iter().any(|part| lower.contains(part)));
    by_word.or_else(by_part).map(|(what, _)| *what)
}

#[cfg(test)]
mod tests {
    use super::told_by;

    #[test]
    fn headings_are_recognised_however_they_are_written() {
        for (heading, what) in [
            ("ethnicity", "ethnicity"),
            ("Ethnic-Group", "ethnicity"),
            ("民族", "ethnicity"),
            ("religious belief", "belief"),
            ("宗教信仰", "belief"),
            ("party_member", "politics"),
            ("政治面貌", "politics"),
            ("name_zh", "a name"),
            ("DATE OF BIRTH", "birth"),
            ("身份证号码", "an official number"),
            ("mobile.no", "an address"),
            ("健康状况", "health"),
            ("Gender", "sex or family"),
        ] {
            assert_eq!(told_by("people", heading), Some(what), "{heading}");
        }
        for heading in ["skills", "grade", "stage", "third_part", "percentage", "village", "remarks"] {
            assert_eq!(told_by("people", heading), None, "{heading}");
        }
        assert_eq!(told_by("sites", "name_zh"), None);
    }
}
