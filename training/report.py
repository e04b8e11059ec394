"""The page of figures beside a model. Written by export.py so that no figure is copied by hand."""
import nets


def percent(value):
    return f"{100 * value:.1f}"


def page(card, purpose, scores, hardships):
    name, metrics = card["id"], card["metrics"]
    lines = [
        f"# {card['name']}", "",
        f"{purpose}: {card['files'][0]['size']:,} bytes, one 48x48 gray face in, eight expressions out.",
        f"Written by `training/export.py`; the figures come from the FER+ validation split through "
        f"{metrics['computed_by']}, at the setting that ships.", "",
        f"Rules: {metrics['rules']}. The strength of the logit adjustment ({metrics['logit_adjustment']}, in the "
        f"last bias) and the temperature ({card['output']['temperature']}, in the card) were chosen on the same "
        "split, so expect somewhat less elsewhere.", "",
        "| pictures | accuracy | balanced accuracy | calibration error |", "|---|---|---|---|",
        f"| {scores['pictures']} | {percent(scores['accuracy'])} % | {percent(scores['balanced_accuracy'])} % "
        f"| {scores['ece']:.3f} |", "",
        "| expression | pictures | recall | precision |", "|---|---|---|---|"]
    for label, row in zip(nets.LABELS, scores["confusion"]):
        lines.append(f"| {label} | {sum(row)} | {percent(scores['recall'][label])} % "
                     f"| {percent(scores['precision'][label])} % |")
    lines += ["", "Confusion (rows: what the annotators said; columns: what the model says):", "",
              "| | " + " | ".join(nets.LABELS) + " |", "|---" * 9 + "|"]
    for label, row in zip(nets.LABELS, scores["confusion"]):
        lines.append(f"| {label} | " + " | ".join(map(str, row)) + " |")
    if hardships:
        lines += ["", "The same pictures made harder (through PyTorch):", "", "| pictures | accuracy | balanced accuracy |", "|---|---|---|"]
    for hardship, row in hardships.items():
        lines.append(f"| {hardship} | {percent(row['accuracy'])} % | {percent(row['balanced_accuracy'])} % |")
    lines += ["", f"To repeat: `cd training && python3 evaluate.py ../models/{name}/{name}.onnx --robust`", "",
              card["limitations"], ""]
    return "\n".join(lines)
