//! Fuzz functions: plain functions over bytes that assert properties of the rooms.
