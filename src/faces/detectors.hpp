#pragma once

#include <memory>

#include "mien/base/model_card.hpp"
#include "mien/faces/face_detector.hpp"

namespace mien {

/// OpenCV's cascade of Debian's opencv-data; needs no card.
DetectorInfo haar_info();
std::unique_ptr<FaceDetector> make_haar_detector(const ModelLibrary& library);

/// The near and the far BlazeFace of the library together: the default. Throws Error when one
/// of them is missing.
DetectorInfo auto_info();
std::unique_ptr<FaceDetector> make_auto_detector(const ModelLibrary& library);

/// MediaPipe's BlazeFace in ONNX; a card of architecture "blazeface".
std::unique_ptr<FaceDetector> make_blazeface_detector(const ModelCard& card);

/// YuNet of March 2022 or March 2023 in ONNX; a card of architecture "yunet".
std::unique_ptr<FaceDetector> make_yunet_detector(const ModelCard& card);

}  // namespace mien
