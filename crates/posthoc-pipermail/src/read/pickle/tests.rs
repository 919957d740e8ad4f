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
    assert_eq!(
        refused(b"(N22t(h\0.", &small),
        "the memo holds no such value"
    );
    assert_eq!(
        refused(b"Nq\x000(h\x00h\x00t0(h\x00h\x00t.", &small),
        "more entries than the limit"
    );
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

/// Written by Python 2.7's cPickle: the same list in each protocol, with an old-style instance as
/// Mailman keeps one for a bouncing member.
#[test]
fn what_python_2_wrote_is_read_in_each_protocol() {
    let written = [
        &include_bytes!("config-0.pck")[..],
        include_bytes!("config-1.pck"),
        include_bytes!("config-2.pck"),
    ];
    for bytes in written {
        let pickle = read(bytes);
        let is = |name: &str, node: Node| assert!(pickle.setting(name) == Some(&node), "{name}");
        is("real_name", Node::Bytes(b"Gar+den.Talk".to_vec()));
        is("info", Node::Bytes(b"it's\n\"here\" \\ \xe9\t".to_vec()));
        is("description", Node::Text("caf\u{e9} \u{159} \\ end".into()));
        is("archive_private", Node::Int(1));
        is("max_message_size", Node::Int(40));
        is("low", Node::Int(-70000));
        is("huge", Node::Long);
        is("created_at", Node::Float(1045.25));
        is("obscure_addresses", Node::Bool(true));
        is("nothing", Node::None);
        assert!(pickle.setting("passwords").is_none());
        let Some(Node::Dict(bouncing)) = pickle.setting("bounce_info") else {
            panic!("no dictionary")
        };
        assert!(pickle.node(bouncing[0].1) == &Node::Opaque);
        let Some(Node::List(owners)) = pickle.setting("owner") else {
            panic!("no list")
        };
        let Some(Node::List(moderators)) = pickle.setting("moderator") else {
            panic!("no list")
        };
        assert!(owners.len() == 1 && pickle.node(owners[0]) == pickle.node(moderators[0]));
        let Some(Node::Tuple(date)) = pickle.setting("last") else {
            panic!("no tuple")
        };
        assert_eq!(date.len(), 5);
    }
}
