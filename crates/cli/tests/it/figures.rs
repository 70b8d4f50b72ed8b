//! `matplotlib.pyplot` in programs: what they show is drawn, what they save is written, what is not there is said.

use crate::sandbox::Sandbox;

const CURVE: &str = "\
import matplotlib.pyplot as plt
plt.plot([1, 2, 3], [2.0, 1.0, 0.5], 'o-', label='train <1>')
plt.title('Loss 损失')
plt.legend()
";

#[test]
fn a_figure_that_is_shown_is_drawn_into_the_folder() {
    let sandbox = Sandbox::new();
    let program = format!("{CURVE}plt.show()\nplt.hist([1, 2, 2, 3])\n");
    let ended = sandbox.run(&program, &["--figures", "pictures"]).code(0);
    assert_eq!(ended.stdout, "");
    assert_eq!(ended.stderr, "lyceum: 2 figures from pictures/program-1.svg to pictures/program-2.svg\n");
    let curve = sandbox.read("pictures/program-1.svg");
    assert!(curve.contains("<title id=\"program-1-title\">Loss 损失</title>"), "{curve}");
    assert!(curve.contains("train &lt;1&gt;") && curve.contains("prefers-color-scheme:dark"));
    // The second was never shown: the end of the program shows it.
    assert!(sandbox.read("pictures/program-2.svg").contains("10 bars"));
}

#[test]
fn without_a_folder_figures_are_mentioned_once() {
    let ended = Sandbox::new().run(&format!("{CURVE}plt.show()\n"), &[]).code(0);
    assert_eq!(ended.stderr, "lyceum: the program showed 1 figure; --figures DIR draws them as SVG\n");
}

#[test]
fn figures_are_events_with_the_columns_of_all_events() {
    let sandbox = Sandbox::new();
    let program =
        format!("import torch\nw = torch.tensor(2.0, requires_grad=True)\n(w * w).backward()\n{CURVE}plt.show()\n");
    sandbox.run(&program, &["--events", "events.jsonl"]).code(0);
    let events: Vec<serde_json::Value> =
        sandbox.read("events.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let figure = events.iter().find(|event| event["event"] == "figure").unwrap();
    assert_eq!((figure["name"].as_str(), figure["step"].as_u64()), (Some("Loss 损失"), Some(1)));
    assert!(figure["time"].as_f64().is_some_and(|time| time >= 0.0));
    let mark = &figure["value"]["axes"][0]["marks"][0];
    assert_eq!((mark["mark"].as_str(), &mark["y"]), (Some("line"), &serde_json::json!([2.0, 1.0, 0.5])));
}

#[test]
fn what_a_summary_writer_logs_are_events_and_figures() {
    let sandbox = Sandbox::new();
    let program = "import torch\nfrom torch.utils.tensorboard import SummaryWriter\nwith SummaryWriter() as writer:\n    \
                   writer.add_scalar('accuracy/test', torch.tensor(0.25), 7)\n    writer.add_scalar('loss', 2, 0)\n    \
                   writer.add_image('picture', torch.rand(3, 4, 5), 7)\n";
    sandbox.run(program, &["--events", "events.jsonl"]).code(0);
    let events: Vec<serde_json::Value> =
        sandbox.read("events.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = events
        .iter()
        .map(|event| {
            (event["event"].as_str().unwrap(), event["name"].as_str().unwrap(), event["step"].as_u64().unwrap())
        })
        .collect();
    let figure = ("figure", "picture (step 7)", 0);
    assert_eq!(told, [("scalar", "accuracy/test", 7), ("scalar", "logged loss", 0), figure]);
    assert_eq!(events[0]["value"], 0.25);
}

#[test]
fn a_figure_that_is_saved_is_a_file_of_the_run() {
    let sandbox = Sandbox::new();
    let program = format!(
        "{CURVE}import os\nos.mkdir('plots')\nplt.savefig('plots/loss.svg')\nprint(open('plots/loss.svg').read()[:4])\nplt.close()\n"
    );
    let ended = sandbox.run(&program, &["--out", "results"]).code(0);
    assert_eq!(ended.stdout, "<svg\n");
    assert!(ended.stderr.starts_with("lyceum: the program wrote to results:\n  plots/loss.svg ("), "{}", ended.stderr);
    assert!(sandbox.read("results/plots/loss.svg").contains("Loss 损失"));
    let outside = format!("{CURVE}plt.savefig('/etc/loss.svg')\n");
    let ended = sandbox.run(&outside, &[]).code(1);
    assert!(ended.stderr.contains("Error: [Errno"), "{}", ended.stderr);
}

#[test]
fn another_format_is_written_as_svg_and_that_is_said() {
    let sandbox = Sandbox::new();
    let ended =
        sandbox.run(&format!("{CURVE}plt.savefig('loss.png', dpi=150)\nplt.close()\n"), &["--out", "results"]).code(0);
    assert!(
        ended.stderr.contains(
            "UserWarning: savefig('loss.png'): Lyceum writes SVG and no other format, so the figure is written to 'loss.svg'"
        ),
        "{}",
        ended.stderr
    );
    assert!(sandbox.read("results/loss.svg").starts_with("<svg "));
}

#[test]
fn what_matplotlib_has_and_lyceum_has_not_says_its_name() {
    let sandbox = Sandbox::new();
    for (line, message) in [
        ("plt.pie([1])", "NotImplementedError: matplotlib.pyplot.pie is not part of Lyceum yet"),
        ("plt.gca().boxplot([1])", "NotImplementedError: Axes.boxplot is not part of Lyceum yet"),
        ("import matplotlib.animation", "NotImplementedError: matplotlib.animation is not part of Lyceum yet"),
        ("plt.nosuch", "AttributeError: module 'matplotlib.pyplot' has no attribute 'nosuch'"),
        ("plt.bar([1], [1], hatch='/')", "NotImplementedError: bar: the option 'hatch' is not part of Lyceum yet"),
        ("plt.plot([1], colour='r')", "NotImplementedError: plot: the option 'colour' is not part of Lyceum yet"),
        ("plt.plot([1, 2], [1])", "ValueError: x and y must have same first dimension, but have shapes (2,) and (1,)"),
        ("plt.plot([1], color='redd')", "ValueError: 'redd' is not a valid color"),
        (
            "import torch; plt.plot(torch.ones(2, requires_grad=True))",
            "RuntimeError: Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
        ),
        (
            "import torch; plt.imshow(torch.zeros(3, 8, 8))",
            "TypeError: Invalid shape (3, 8, 8) for image data: imshow expects (rows, columns) or (rows, columns, 3); \
             permute(1, 2, 0) puts channels last",
        ),
    ] {
        let ended = sandbox.run(&format!("import matplotlib.pyplot as plt\n{line}\n"), &[]).code(1);
        let last = ended.stderr.lines().rev().find(|line| line.contains("Error")).unwrap_or_default();
        assert_eq!(last, message, "{line} gave\n{}", ended.stderr);
    }
}

#[test]
fn a_program_that_fails_still_shows_what_it_drew() {
    let sandbox = Sandbox::new();
    let ended = sandbox.run(&format!("{CURVE}1 / 0\n"), &["--figures", "pictures"]).code(1);
    assert!(ended.stderr.contains("ZeroDivisionError"), "{}", ended.stderr);
    assert!(ended.stderr.ends_with("lyceum: the figure is pictures/program-1.svg\n"), "{}", ended.stderr);
}

#[test]
fn numbers_that_have_no_place_and_huge_amounts_of_them_are_drawn() {
    let sandbox = Sandbox::new();
    let program = "\
import torch
import matplotlib.pyplot as plt
nan, inf = float('nan'), float('inf')
plt.plot([0, 1, nan, inf, 1e308, -1e308], [nan, 1, 2, inf, 1e308, -1e308])
plt.show()
plt.plot(torch.randn(1_000_000).cumsum(0))
plt.show()
plt.scatter(torch.randn(300_000), torch.randn(300_000), c=torch.rand(300_000), s=2)
plt.show()
plt.imshow(torch.rand(2000, 3000))
plt.show()
plt.title('\\x00\\x1b[31m' + 'x' * 100_000)
plt.show()
";
    sandbox.run(program, &["--figures", "pictures"]).code(0);
    for number in 1..=5 {
        let length = sandbox.read(&format!("pictures/program-{number}.svg")).len();
        assert!((500..2_000_000).contains(&length), "figure {number} has {length} bytes");
    }
}
