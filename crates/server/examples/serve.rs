//! Serves with another binary as the worker, for those who work on the server or the page and do not want to build the
//! interpreter: `serve DATA PATH-OF-LYCEUM [ADDRESS [FOLDER-OF-THE-PAGE]]`.

use std::{env, error::Error};

use lyceum_server::{Config, Server, logs};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1);
    let (Some(data), Some(worker)) = (arguments.next(), arguments.next()) else {
        return Err("serve DATA PATH-OF-LYCEUM [ADDRESS [FOLDER-OF-THE-PAGE]]".into());
    };
    let _ = logs::begin(logs::Format::Text, "info");
    let mut config = Config::local(data);
    config.worker = Some(worker);
    if let Some(listen) = arguments.next() {
        config.listen = listen.to_string_lossy().parse()?;
    }
    config.web = arguments.next().map(Into::into);
    let server = Server::start(config).await?;
    println!("{}", server.setup_link().unwrap_or_else(|| server.origin()));
    server
        .run(async {
            let _ = tokio::signal::ctrl_c().await;
        })
        .await;
    Ok(())
}
