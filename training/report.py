"""The page of figures beside a model. Written by export.py so that no figure is copied by hand."""
import nets


def percent(value):
    return f"{100 * value:.1f}"


def of_others(metrics):
    """How the readings do with offsets that were chosen on other pictures than they are judged by."""
    said = ["; ".join(f"{kind} {percent(each['accuracy'])} % / {percent(each['balanced_accuracy'])} %" for kind, each in kinds.items())
            for kinds in metrics["offsets_of_others"].values()]
    return ["With offsets that were chosen on the other half of each kind (of posed faces, on other people), accuracy and balanced: "
            + ", ".join(f"*{reading}* {words}" for reading, words in zip(metrics["offsets_of_others"], said)) + "."]


def page(card, purpose, scores, hardships):
    name, metrics = card["id"], card["metrics"]
    lines = [
        f"# {card['name']}", "",
        f"{purpose}: {card['files'][0]['size']:,} bytes, one 48x48 gray face in, eight expressions out.",
        f"Written by `training/export.py`; the figures come from the FER+ validation split, in the views of the card, at the setting "
        f"that ships; {metrics['computed_by']} gives the same outputs.", "",
        f"Rules: {metrics['rules']}. The offsets and temperatures of the two readings (in the card) were chosen on "
        f"{metrics['chosen_on']}.", *of_others(metrics), "",
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
        lines += ["", "The same pictures made harder:", "", "| pictures | accuracy | balanced accuracy |", "|---|---|---|"]
    for hardship, row in hardships.items():
        lines.append(f"| {hardship} | {percent(row['accuracy'])} % | {percent(row['balanced_accuracy'])} % |")
    lines += ["", "Posed faces (495 of 59 people, CK+, no neutral, found and framed by the program; none was learned from), and FER+ validation with the same "
              "reading:", "",
              "| reading | accuracy | balanced | anger | fear | sadness | disgust | contempt | said | right of those | calibration "
              "error | FER+ accuracy | FER+ balanced |", "|---" * 13 + "|"]
    for reading, row in metrics["posed"].items():
        lines.append(f"| {reading} | {percent(row['accuracy'])} % | {percent(row['balanced_accuracy'])} % | " + " | ".join(
            percent(row["recall"][k]) + " %" for k in ("anger", "fear", "sadness", "disgust", "contempt"))
            + f" | {percent(row['said'])} % | {percent(row['right_of_said'])} % | {row['expected_calibration_error']:.3f} "
            f"| {percent(row['web_accuracy'])} % | {percent(row['web_balanced_accuracy'])} % |")
    hidden, strange = metrics["covered"], metrics["unlike"]
    lines += ["", f"With a black bar over the eyes {percent(hidden['eyes_blacked_out_called_covered'])} % of the posed faces are called "
              f"covered and {percent(hidden['eyes_blacked_out_answered'])} % still get a label; uncovered, "
              f"{percent(hidden['posed_called_covered'])} % of the posed and {percent(hidden['web_called_covered'])} % of the FER+ faces "
              f"are called covered. Unlike what it learned: {percent(strange['web_called_unlike'])} % of FER+ validation, "
              f"{percent(strange['posed_called_unlike'])} % of the posed faces, {percent(strange['rendered_called_unlike'])} % of the rendered ones, "
              + (f"{percent(strange['photographs_called_unlike'])} % of the photographs, " if "photographs_called_unlike" in strange else "")
              + f"{percent(strange['drawn_called_unlike'])} % of drawn faces that nothing was fitted on and {percent(strange['none_called_unlike'])} % "
              "of pieces of faces, faces in disorder or half out of the picture, and flat, striped and noisy areas."]
    lines += ["", f"To repeat: `cd training && python3 evaluate.py ../models/{name}/{name}.onnx --robust`", "",
              card["limitations"], ""]
    return "\n".join(lines)
