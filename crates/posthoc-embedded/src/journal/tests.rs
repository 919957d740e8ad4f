//! The journal cut, bent and packed.
