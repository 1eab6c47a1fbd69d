//! Builds again when the interface, which is built into the binary, was built again.

fn main() {
    println!("cargo:rerun-if-changed=../web/dist");
}
