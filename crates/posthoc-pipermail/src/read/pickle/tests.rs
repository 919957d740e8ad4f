use super::*;

fn read(bytes: &[u8]) -> Pickle {
    Pickle::read(bytes, &Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(bytes: &[u8], limits: &Limits) -> &'static str {
    Pickle::read(bytes, limits).err().expect("refused").what
}

#[test]
fn protocols_0_and_2_give_the_same_settings() {
    let zero = b"(dp0\nS'archive'\nI01\nsS'info'\nS'a\\'b\\xe9\\n'\nsS'max'\nL12L\ns.";
    let two = b"\x80\x02}q\x00(U\x07archive\x88U\x04infoU\x05a'b\xe9\nU\x03max\x8a\x01\x0cu.";
    for bytes in [&zero[..], &two[..]] {
        let pickle = read(bytes);
        assert!(pickle.setting("archive") == Some(&Node::Bool(true)));
        assert!(pickle.setting("info") == Some(&Node::Bytes(b"a'b\xe9\n".to_vec())));
        assert!(pickle.setting("max") == Some(&Node::Int(12)));
    }
}

#[test]
fn a_call_is_never_made() {
    let pickle = read(b"(dS'x'\ncos\nsystem\n(S'touch /tmp/x'\ntRsS'y'\nI5\ns.");
    assert!(pickle.setting("x") == Some(&Node::Opaque));
    assert!(pickle.setting("y") == Some(&Node::Int(5)));
}

#[test]
fn passwords_are_never_given() {
    let pickle = read(b"(dS'password'\nS'0a1b'\nsS'passwords'\n(dsS'real_name'\nS'T'\ns.");
    assert!(pickle.setting("password").is_none() && pickle.setting("passwords").is_none());
    assert!(pickle.setting("real_name") == Some(&Node::Bytes(b"T".to_vec())));
}

#[test]
fn a_list_that_holds_itself_ends() {
    let pickle = read(b"(lp0\ng0\na.");
    assert!(pickle.node(pickle.root) == &Node::List(vec![pickle.root]));
}

#[test]
fn limits_hold_and_cuts_are_told() {
    let small = Limits {
        bytes: 100,
        nodes: 3,
    };
    assert_eq!(refused(b"NNNN.", &small), "more values than the limit");
    assert_eq!(refused(b"((((.", &small), "more marks than the limit");
    assert_eq!(refused(b"N22222.", &small), "a deeper stack than the limit");
    assert_eq!(
        refused(&[b'N'; 101], &small),
        "a larger pickle than the limit"
    );
    let whole = b"\x80\x02}(U\x01aT\x02\x00\x00\x00xyU\x01bJ\xff\xff\xff\xffu.";
    assert!(read(whole).setting("b") == Some(&Node::Int(-1)));
    for cut in 0..whole.len() {
        assert_eq!(
            refused(&whole[..cut], &Limits::default()),
            "the pickle is cut short"
        );
    }
    assert_eq!(
        refused(b"\x80\x04N.", &Limits::default()),
        "a pickle of a later protocol than 2"
    );
}
